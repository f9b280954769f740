package org.bame.kernel;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes the unrolled innermost loops. C2 keeps vectors in registers only if every one is a local variable and the Vector
 * API is called directly, so the tiles repeat themselves; they are generated, and {@link TileSourcesTest} holds the
 * checked-in classes against this text.
 */
final class TileSources {
    /** Numbers of accumulators of the tiles that walk a list a row. */
    static final List<Integer> ROW_SIZES = List.of(16, 14, 12, 8, 7, 6, 4, 2, 1);

    /** Numbers of vectors beside the 4 rows of a group's tiles. */
    static final List<Integer> GROUP_SIZES = List.of(5, 4, 3, 2, 1);

    /** Numbers of entries beside the 4 rows of the outer products. */
    static final List<Integer> OUTER_SIZES = List.of(4, 3, 2, 1);

    /** Numbers of rows of the outer products with channels in the lanes. */
    static final List<Integer> CHANNEL_SIZES = List.of(8, 4, 2, 1);

    private static final int ROWS = 4;

    /** Static imports of those tiles that use them. */
    private static final List<String> IMPORTS = List.of(
            "java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED",
            "java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED",
            "jdk.incubator.vector.FloatVector.broadcast",
            "jdk.incubator.vector.FloatVector.fromMemorySegment",
            "org.bame.kernel.Native.MEMORY",
            "org.bame.kernel.Native.ORDER",
            "org.bame.kernel.Native.SPECIES",
            "org.bame.kernel.Native.VECTOR_BYTES");

    private TileSources() {}

    /** The class of a name, without layout. */
    static String source(String name) {
        return switch (name) {
            case "RowTiles" -> type(name, """
                    Innermost loops of the gather over a mask: for each row (target channel) the row's list passes by, each
                    entry one broadcast weight times consecutive vectors of the packed window.""",
                    choice("gather", "TilePass t, int pointer, long x, long y, long start", "t, pointer, x, y, start",
                            ROW_SIZES)
                            + each(ROW_SIZES, TileSources::rowGather));
            case "RowGradientTiles" -> type(name,
                    """
                    Innermost loops of the weight gradient on a mask: dY stays in registers while a row's list passes by, and each
                    entry leaves one vector, whose lanes are still to be summed. Two chains of multiply-adds an entry hide their
                    latency.""",
                    choice("products",
                            "TilePass t, int pointer, int firstRow, int endRow, long x, long dy, long products",
                            "t, pointer, firstRow, endRow, x, dy, products", ROW_SIZES)
                            + each(ROW_SIZES, TileSources::rowGradient));
            case "GroupTiles" -> type(name, """
                    Innermost loops of the gather for 4 rows that share their list (all rows of a dense product; the rows of a
                    group of a row-grouped mask): every vector of activations is used four times.""",
                    choice("gather", "TilePass t, int validRows, int entries, long list, long x, long y, long start",
                            "t, validRows, entries, list, x, y, start", GROUP_SIZES)
                            + each(GROUP_SIZES, TileSources::groupGather));
            case "ScatterTiles" -> type(name, """
                    Innermost loops of the scatter of 4 rows that share their list (the input gradient of a row-grouped mask): some
                    vectors of the 4 rows of dY stay in registers while the group's list passes by, each entry with as many vectors
                    of sums in the window of dX, which are loaded and stored once for 4 multiply-adds.""",
                    choice("scatter", "ScatterPass t, int pointer, long dy, long window", "t, pointer, dy, window",
                            GROUP_SIZES)
                            + each(GROUP_SIZES, TileSources::groupScatter));
            case "OuterTiles" -> type(name,
                    """
                    Innermost loops of the weight gradient of 4 rows that share their entries: an outer product of 4 rows of dY
                    and some entries of the packed window, summed over the vectors of some lines' windows lane by lane. The panel of dY is
                    {@code [vector][row]}, what is left are 16 vectors {@code [entry][row]}, of zeros for entries that are missing.""",
                    choice("outer",
                            "int lines, int vectors, long dy, long list, long x, long lineBytes, long products",
                            "lines, vectors, dy, list, x, lineBytes, products", OUTER_SIZES)
                            + each(OUTER_SIZES, TileSources::outer));
            case "ChannelTiles" -> type(name, """
                    Innermost loops of the dense weight gradient: an outer product of one or two vectors of channels and some
                    rows, whose numbers are broadcast, summed over the images of some pixels.""",
                    choice("pair", CHANNEL_PARAMETERS.formatted("long x0, long x1", "long sums0, long sums1"),
                            CHANNEL_ARGUMENTS.formatted("x0, x1", "sums0, sums1"), CHANNEL_SIZES)
                            + each(CHANNEL_SIZES, n -> channels("pair", n, 2))
                            + choice("single", CHANNEL_PARAMETERS.formatted("long x0", "long sums0"),
                                    CHANNEL_ARGUMENTS.formatted("x0", "sums0"), CHANNEL_SIZES)
                            + each(CHANNEL_SIZES, n -> channels("single", n, 1)));
            default -> throw new IllegalArgumentException("No tiles named " + name);
        };
    }

    private static String type(String name, String javadoc, String body) {
        String imports = IMPORTS.stream()
                .filter(imported -> body.contains(imported.substring(imported.lastIndexOf('.') + 1)))
                .map(imported -> "import static " + imported + ";\n")
                .collect(Collectors.joining());
        return "package org.bame.kernel;\n" + imports + "import jdk.incubator.vector.FloatVector;\n"
                + "/**\n * " + javadoc.replace("\n", "\n * ") + "\n * Generated by TileSources (in the tests).\n */\n"
                + "final class " + name + " {\n    private " + name + "() {}\n" + body + "}\n";
    }

    private static String each(List<Integer> sizes, IntFunction<String> method) {
        return sizes.stream().map(method::apply).collect(Collectors.joining());
    }

    /** A method that chooses among the sizes. */
    private static String choice(String name, String parameters, String arguments, List<Integer> sizes) {
        String cases = sizes.stream()
                .map(n -> "case " + n + " -> " + name + n + "(" + arguments + ");\n")
                .collect(Collectors.joining());
        return "/** The tile of a size. */\n"
                + "static void " + name + "(int size, " + parameters + ") {\nswitch (size) {\n" + cases
                + "default -> throw new IllegalArgumentException(\"No tile of size \" + size);\n}\n}\n";
    }

    private static String rowGather(int n) {
        return "private static void gather" + n + "(TilePass t, int pointer, long x, long y, long start) {\n"
                + ROW_LOOP_HEAD
                + distances(n)
                + ROW_LOOP.formatted("t.firstRow", "t.endRow")
                + lines(n, i -> "FloatVector a" + i + " = " + load(pairs("start", i, "startPair", "startSecond")) + ";")
                + "for (int i = from; i < to; i++) {\n"
                + "long entry = list + ((long) i << 3);\n"
                + "long at = x + MEMORY.get(JAVA_INT_UNALIGNED, entry);\n"
                + "FloatVector w = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, entry + 4));\n"
                + lines(n, i -> "a" + i + " = " + load(vector("at", i)) + ".fma(w, a" + i + ");")
                + "}\n"
                + lines(n, i -> store("a" + i, pairs("y", i, "pair", "second")))
                + "start += t.startRowBytes;\ny += t.rowBytes;\n}\n}\n";
    }

    private static String rowGradient(int n) {
        return "private static void products" + n
                + "(TilePass t, int pointer, int firstRow, int endRow, long x, long dy, long products) {\n"
                + ROW_LOOP_HEAD
                + (n > 1 ? "long second = t.secondBytes;\n" : "")
                + (n > 2 ? "long pair = t.pairBytes;\n" : "")
                + ROW_LOOP.formatted("firstRow", "endRow")
                + lines(n, i -> "FloatVector d" + i + " = " + load(pairs("dy", i, "pair", "second")) + ";")
                + "for (int i = from; i < to; i++) {\n"
                + "long at = x + MEMORY.get(JAVA_INT_UNALIGNED, list + ((long) i << 3));\n"
                + "FloatVector even = " + load(vector("at", 0)) + ".mul(d0);\n"
                + (n > 1 ? "FloatVector odd = " + load(vector("at", 1)) + ".mul(d1);\n" : "")
                + IntStream.range(2, n)
                        .mapToObj(i -> {
                            String chain = i % 2 == 0 ? "even" : "odd";
                            return chain + " = " + load(vector("at", i)) + ".fma(d" + i + ", " + chain + ");\n";
                        })
                        .collect(Collectors.joining())
                + store(n > 1 ? "even.add(odd)" : "even", "products + (long) i * VECTOR_BYTES") + "\n}\n"
                + "dy += t.rowBytes;\n}\n}\n";
    }

    private static final String ROW_LOOP_HEAD = "int[] pointers = t.pointers;\nlong list = t.list;\n";

    private static final String ROW_LOOP = """
            for (int row = %s; row < %s; row++) {
            int from = pointers[pointer + row];
            int to = pointers[pointer + row + 1];
            """;

    private static String distances(int n) {
        return (n > 1 ? "long startSecond = t.startSecondBytes;\nlong second = t.secondBytes;\n" : "")
                + (n > 2 ? "long startPair = t.startPairBytes;\nlong pair = t.pairBytes;\n" : "");
    }

    private static String groupGather(int n) {
        StringBuilder text = new StringBuilder();
        text.append("private static void gather" + n
                + "(TilePass t, int validRows, int entries, long list, long x, long y, long start) {\n");
        text.append("int last = validRows - 1;\n" + distances(n));
        for (int r = 1; r < ROWS; r++) {
            text.append("long start" + r + " = start + Math.min(" + r + ", last) * t.startRowBytes;\n");
        }
        for (int r = 0; r < ROWS; r++) {
            String from = r == 0 ? "start" : "start" + r;
            for (int i = 0; i < n; i++) {
                text.append("FloatVector a" + r + i + " = " + load(pairs(from, i, "startPair", "startSecond")) + ";\n");
            }
        }
        text.append("for (int i = 0; i < entries; i++) {\n");
        text.append("long entry = list + 20L * i;\n");
        text.append("long at = x + MEMORY.get(JAVA_INT_UNALIGNED, entry);\n");
        text.append(lines(n, i -> "FloatVector x" + i + " = " + load(vector("at", i)) + ";"));
        for (int r = 0; r < ROWS; r++) {
            int row = r;
            text.append((r == 0 ? "FloatVector " : "")
                    + "w = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, entry + "
                    + 4 * (r + 1) + "));\n");
            text.append(lines(n, i -> "a" + row + i + " = x" + i + ".fma(w, a" + row + i + ");"));
        }
        text.append("}\n");
        for (int r = 0; r < ROWS; r++) {
            int row = r;
            if (r > 0) {
                text.append("if (last < " + r + ") {\nreturn;\n}\ny += t.rowBytes;\n");
            }
            text.append(lines(n, i -> store("a" + row + i, pairs("y", i, "pair", "second"))));
        }
        return text.append("}\n").toString();
    }

    private static String groupScatter(int n) {
        StringBuilder text = new StringBuilder();
        text.append("private static void scatter" + n + "(ScatterPass t, int pointer, long dy, long window) {\n");
        text.append("int[] pointers = t.pointers;\nlong list = t.list;\nlong row = t.rowBytes;\n");
        text.append(n > 1 ? "long step = t.stepBytes;\n" : "");
        text.append("""
                for (int group = 0; group < t.groups; group++) {
                int from = pointers[pointer + group];
                int to = pointers[pointer + group + 1];
                int last = t.rows - 1 - group * TapLists.GROUP;
                """);
        for (int r = 1; r < ROWS; r++) {
            text.append("long dy" + r + " = dy + Math.min(" + r + ", last) * row;\n");
        }
        for (int r = 0; r < ROWS; r++) {
            String base = r == 0 ? "dy" : "dy" + r;
            for (int i = 0; i < n; i++) {
                String at = i == 0 ? base : base + " + " + (i == 1 ? "" : i + " * ") + "step";
                text.append("FloatVector d" + r + i + " = " + load(at) + ";\n");
            }
        }
        text.append("for (int i = from; i < to; i++) {\n");
        text.append("long entry = list + 20L * i;\n");
        text.append("long at = window + MEMORY.get(JAVA_INT_UNALIGNED, entry);\n");
        for (int r = 0; r < ROWS; r++) {
            int of = r;
            text.append((r == 0 ? "FloatVector " : "")
                    + "w = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, entry + " + 4 * (r + 1) + "));\n");
            text.append(lines(n, i -> (of == 0 ? "FloatVector " : "") + "x" + i + " = d" + of + i + ".fma(w, "
                    + (of == 0 ? load(vector("at", i)) : "x" + i) + ");"));
        }
        text.append(lines(n, i -> store("x" + i, vector("at", i))));
        return text.append("}\ndy += TapLists.GROUP * row;\n}\n}\n").toString();
    }

    private static String outer(int n) {
        StringBuilder text = new StringBuilder();
        text.append("private static void outer" + n
                + "(int lines, int vectors, long dy, long list, long x, long lineBytes, long products) {\n");
        for (int i = 0; i < n; i++) {
            text.append("long x" + i + " = x + MEMORY.get(JAVA_INT_UNALIGNED, list" + (i == 0 ? "" : " + " + 20 * i)
                    + ");\n");
        }
        for (int r = 0; r < ROWS; r++) {
            for (int i = 0; i < n; i++) {
                text.append("FloatVector a" + r + i + " = FloatVector.zero(SPECIES);\n");
            }
        }
        text.append("long skip = lineBytes - (long) vectors * VECTOR_BYTES;\nlong step = 0;\nint left = vectors;\n");
        text.append("int all = lines * vectors;\n");
        text.append("for (int vector = 0; vector < all; vector++) {\n");
        for (int r = 0; r < ROWS; r++) {
            text.append("FloatVector d" + r + " = " + load(vector("dy", r)) + ";\n");
        }
        for (int i = 0; i < n; i++) {
            text.append((i == 0 ? "FloatVector " : "") + "s = " + load("x" + i + " + step") + ";\n");
            for (int r = 0; r < ROWS; r++) {
                text.append("a" + r + i + " = s.fma(d" + r + ", a" + r + i + ");\n");
            }
        }
        text.append("dy += 4 * VECTOR_BYTES;\nstep += VECTOR_BYTES;\nleft--;\n"
                + "if (left == 0) {\nleft = vectors;\nstep += skip;\n}\n}\n");
        for (int i = 0; i < OUTER_SIZES.getFirst(); i++) {
            for (int r = 0; r < ROWS; r++) {
                text.append(store(i < n ? "a" + r + i : "FloatVector.zero(SPECIES)", vector("products", i * ROWS + r))
                        + "\n");
            }
        }
        return text.append("}\n").toString();
    }

    private static final String CHANNEL_PARAMETERS =
            "int pixels, int images, %s, long rows, long pixelBytes, long rowBytes, %s";
    private static final String CHANNEL_ARGUMENTS = "pixels, images, %s, rows, pixelBytes, rowBytes, %s";

    private static String channels(String name, int rows, int vectors) {
        StringBuilder text = new StringBuilder();
        text.append("private static void " + name + rows + "("
                + CHANNEL_PARAMETERS.formatted(vectors == 2 ? "long x0, long x1" : "long x0",
                        vectors == 2 ? "long sums0, long sums1" : "long sums0")
                + ") {\n");
        for (int v = 0; v < vectors; v++) {
            for (int r = 0; r < rows; r++) {
                text.append("FloatVector a" + v + r + " = " + load(vector("sums" + v, r)) + ";\n");
            }
        }
        text.append("long skip = pixelBytes - (long) images * Float.BYTES;\nint left = images;\n");
        text.append("int all = pixels * images;\nfor (int image = 0; image < all; image++) {\n");
        for (int v = 0; v < vectors; v++) {
            text.append("FloatVector v" + v + " = " + load("x" + v) + ";\nx" + v + " += VECTOR_BYTES;\n");
        }
        for (int r = 0; r < rows; r++) {
            String at = r == 0 ? "rows" : r == 1 ? "rows + rowBytes" : "rows + " + r + " * rowBytes";
            text.append((r == 0 ? "FloatVector " : "") + "d = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, " + at
                    + "));\n");
            for (int v = 0; v < vectors; v++) {
                text.append("a" + v + r + " = v" + v + ".fma(d, a" + v + r + ");\n");
            }
        }
        text.append("rows += Float.BYTES;\nleft--;\nif (left == 0) {\nleft = images;\nrows += skip;\n}\n}\n");
        for (int v = 0; v < vectors; v++) {
            for (int r = 0; r < rows; r++) {
                text.append(store("a" + v + r, vector("sums" + v, r)) + "\n");
            }
        }
        return text.append("}\n").toString();
    }

    private static String lines(int n, IntFunction<String> line) {
        return IntStream.range(0, n).mapToObj(i -> line.apply(i) + "\n").collect(Collectors.joining());
    }

    private static String load(String address) {
        return "fromMemorySegment(SPECIES, MEMORY, " + address + ", ORDER)";
    }

    private static String store(String vector, String address) {
        return vector + ".intoMemorySegment(MEMORY, " + address + ", ORDER);";
    }

    /** Address of the i-th of consecutive vectors. */
    private static String vector(String base, int i) {
        return i == 0 ? base : base + " + " + (i == 1 ? "" : i + " * ") + "VECTOR_BYTES";
    }

    /** Address of the i-th of vectors in pairs: pairs lie {@code pair} apart, the two of a pair {@code second}. */
    private static String pairs(String base, int i, String pair, String second) {
        int half = i / 2;
        return base + (half == 0 ? "" : half == 1 ? " + " + pair : " + " + half + " * " + pair)
                + (i % 2 == 0 ? "" : " + " + second);
    }
}
