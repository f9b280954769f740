package org.bame.harness.environment;

import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Versions of the libraries that results could depend on, read off the class path. */
final class Libraries {

    private static final List<String> OF_INTEREST =
            List.of("deeplearning4j-nn", "nd4j-native", "javacpp", "openblas", "guice", "commons-csv", "bame-core");
    private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[^/]*?)\\.jar");

    private Libraries() {}

    static String versions() {
        List<String> names = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> new File(entry).getName())
                .toList();
        return OF_INTEREST.stream()
                .map(library -> version(library, names))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(" "));
    }

    /** The first jar's version; a classifier stands behind it. */
    private static Optional<String> version(String library, List<String> jars) {
        return jars.stream()
                .map(JAR::matcher)
                .filter(Matcher::matches)
                .filter(jar -> jar.group(1).equals(library))
                .map(jar -> library + "=" + jar.group(2))
                .max(String::compareTo);
    }
}
