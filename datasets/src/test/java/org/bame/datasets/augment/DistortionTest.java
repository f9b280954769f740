package org.bame.datasets.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bame.datasets.ChannelStatistics;
import org.bame.datasets.ImageShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every operation of RandAugment, by hand and against Pillow. */
final class DistortionTest {

    /** Levels outside of an image of one channel. */
    private static final int FILL = 99;
    /** Three channels of 3 rows and 5 columns. */
    private static final int[] IMAGE = {
        168, 171, 20, 153, 37, 206, 6, 96, 118, 161, 42, 16, 10, 13, 38,
        229, 238, 206, 204, 53, 192, 120, 236, 4, 124, 73, 194, 103, 143, 71,
        184, 171, 245, 5, 213, 173, 63, 131, 87, 71, 237, 250, 206, 2, 133};

    @Test
    void shiftsByWholePixelsAndFillsWhatComesIn() {
        int[] image = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        assertThat(warped(image, (warp, pixels) -> warp.translateX(pixels, 1)))
                .containsExactly(2, 3, FILL, 5, 6, FILL, 8, 9, FILL);
        assertThat(warped(image, (warp, pixels) -> warp.translateX(pixels, -2)))
                .containsExactly(FILL, FILL, 1, FILL, FILL, 4, FILL, FILL, 7);
        assertThat(warped(image, (warp, pixels) -> warp.translateY(pixels, 1)))
                .containsExactly(4, 5, 6, 7, 8, 9, FILL, FILL, FILL);
        assertThat(warped(image, (warp, pixels) -> warp.translateY(pixels, 0)))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void halfAPixelIsInterpolatedByTheCubic() {
        // Weights in the middle are -1/8, 5/8, 5/8 and -1/8; the edge goes on: 0 0 80 160, then 0 80 160 160.
        int[] image = {0, 80, 160, 0, 80, 160, 0, 80, 160};
        assertThat(warped(image, (warp, pixels) -> warp.translateX(pixels, 0.5)))
                .containsExactly(30, 130, FILL, 30, 130, FILL, 30, 130, FILL);
    }

    @Test
    void overshootOfTheCubicIsCutOff() {
        // 0 0 0 255 give -32, 0 0 255 255 half of 255, and 0 255 255 255 give 287.
        assertThat(warped(new int[]{0, 255, 255, 0, 0, 255, 255, 0, 0},
                (warp, pixels) -> warp.translateX(pixels, -0.5)).subList(0, 3)).containsExactly(0, 127, 255);
    }

    @Test
    void shearingMovesEachRowByItsDistanceFromTheTop() {
        // Centres of the rows lie at 1/2, 3/2 and 5/2: with factor 2 they move by 1, 3 and 5 columns to the left.
        int[] image = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        assertThat(warped(image, (warp, pixels) -> warp.shearX(pixels, 2)))
                .containsExactly(2, 3, FILL, FILL, FILL, FILL, FILL, FILL, FILL);
        assertThat(warped(image, (warp, pixels) -> warp.shearY(pixels, 2)))
                .containsExactly(4, FILL, FILL, 7, FILL, FILL, FILL, FILL, FILL);
        assertThat(warped(image, (warp, pixels) -> warp.shearX(pixels, -2)))
                .containsExactly(FILL, 1, 2, FILL, FILL, FILL, FILL, FILL, FILL);
    }

    @Test
    void aQuarterTurnIsCounterClockwise() {
        int[] turned = {90, 180, 240, 60, 150, 210, 30, 120, 200};
        // What the sine lacks in its last bit may cut a level off.
        int[] image = {30, 60, 90, 120, 150, 180, 200, 210, 240};
        assertThat(warped(image, (warp, pixels) -> warp.rotate(pixels, 90)))
                .zipSatisfy(Arrays.stream(turned).boxed().toList(),
                        (level, expected) -> assertThat(level).isCloseTo(expected, within(1)));
    }

    @Test
    void tonesByHand() {
        ToneCurve tone = new ToneCurve(new ImageShape(1, 1, 4));
        byte[] pixels = bytes(0, 100, 128, 255);
        tone.invert(pixels);
        assertThat(unsigned(pixels)).containsExactly(255, 155, 127, 0);

        pixels = bytes(99, 100, 101, 255);
        tone.solarize(pixels, 100);
        assertThat(unsigned(pixels)).containsExactly(99, 155, 154, 0);
        tone.solarize(pixels, 256);
        assertThat(unsigned(pixels)).containsExactly(99, 155, 154, 0);

        pixels = bytes(0, 127, 128, 255);
        tone.solarizeAdd(pixels, 110);
        assertThat(unsigned(pixels)).containsExactly(110, 237, 128, 255);
        pixels = bytes(127, 128, 255, 0);
        tone.solarizeAdd(pixels, 200);
        assertThat(unsigned(pixels)).containsExactly(255, 128, 255, 200);

        pixels = bytes(127, 128, 200, 255);
        tone.posterize(pixels, 2);
        assertThat(unsigned(pixels)).containsExactly(64, 128, 192, 192);
        tone.posterize(pixels, 8);
        assertThat(unsigned(pixels)).containsExactly(64, 128, 192, 192);
        tone.posterize(pixels, 0);
        assertThat(unsigned(pixels)).containsOnly(0);

        pixels = bytes(0, 101, 200, 255);
        tone.brightness(pixels, 0.5f);
        assertThat(unsigned(pixels)).containsExactly(0, 50, 100, 127);
        pixels = bytes(0, 101, 200, 255);
        tone.brightness(pixels, 1.5f);
        assertThat(unsigned(pixels)).containsExactly(0, 151, 255, 255);
    }

    @Test
    void autoContrastStretchesEachChannel() {
        ToneCurve tone = new ToneCurve(new ImageShape(2, 1, 3));
        byte[] pixels = bytes(50, 75, 101, 7, 7, 7);
        tone.autoContrast(pixels);

        // 51 levels become 255; a channel of one level has no contrast.
        assertThat(unsigned(pixels)).containsExactly(0, 125, 255, 7, 7, 7);
    }

    @Test
    void equalizeSpreadsLevelsByHowManyPixelsLieBelow() {
        byte[] pixels = new byte[1024];
        Arrays.fill(pixels, 512, 768, (byte) 100);
        Arrays.fill(pixels, 768, 1024, (byte) 200);
        new ToneCurve(new ImageShape(1, 32, 32)).equalize(pixels);

        // (1024 - 256) / 255 = 3 a step, counted from half of one: (1 + 512) / 3 = 171; (1 + 768) / 3 is above 255.
        assertThat(new int[]{pixels[0] & 255, pixels[600] & 255, pixels[1000] & 255}).containsExactly(0, 171, 255);

        byte[] few = bytes(1, 2, 3);
        new ToneCurve(new ImageShape(1, 1, 3)).equalize(few);
        assertThat(unsigned(few)).containsExactly(1, 2, 3);
    }

    @Test
    void contrastGoesThroughTheMeanOfTheGreyImage() {
        byte[] pixels = bytes(10, 50, 90, 10, 50, 90, 10, 50, 90);
        new ToneCurve(new ImageShape(3, 1, 3)).contrast(pixels, 0.5f);
        assertThat(unsigned(pixels).subList(0, 3)).containsExactly(30, 50, 70);
        new ToneCurve(new ImageShape(3, 1, 3)).contrast(pixels, 3f);
        assertThat(unsigned(pixels).subList(6, 9)).containsExactly(0, 50, 110);
    }

    @Test
    void colourGoesThroughTheGreyImage() {
        // Pure red has a luma of 0.299 * 255 = 76.
        byte[] red = bytes(255, 0, 0);
        Enhancement enhancement = new Enhancement(new ImageShape(3, 1, 1));
        enhancement.colour(red, 0.5f);
        assertThat(unsigned(red)).containsExactly(165, 38, 38);
        enhancement.colour(red, 0);
        assertThat(unsigned(red)).containsOnly(76);
    }

    @Test
    void sharpnessGoesThroughTheSmoothedImageAndLeavesItsEdges() {
        Enhancement enhancement = new Enhancement(new ImageShape(1, 3, 3));
        byte[] pixels = bytes(0, 0, 0, 0, 130, 0, 0, 0, 0);
        enhancement.sharpness(pixels, 1.5f);
        // Smoothed: 130 * 5 / 13 = 50.
        assertThat(unsigned(pixels)).containsExactly(0, 0, 0, 0, 170, 0, 0, 0, 0);
        pixels = bytes(26, 0, 0, 0, 130, 0, 0, 0, 39);
        enhancement.sharpness(pixels, 0);
        assertThat(unsigned(pixels)).containsExactly(26, 0, 0, 0, 55, 0, 0, 0, 39);
    }

    /** Columns: share of the greatest strength, side, levels by Pillow 12.3. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ROTATE | 0.9 | 1 | 124 73 78 150 167 173 66 96 61 44 235 27 11 0 124 116 222 208 56 140 227 168 236 49 88 204 128 158 112 116 104 255 122 68 67 174 90 131 67 93 187 151 235 92 104
            ROTATE | 0.5 | -1 | 227 147 41 123 76 116 0 96 140 114 21 11 12 50 129 232 201 215 246 106 127 124 236 40 92 113 186 106 83 118 179 128 254 41 134 200 94 131 79 130 255 255 140 28 81
            SHEAR_X | 0.9 | 1 | 170 148 24 150 25 116 11 113 138 167 25 9 7 30 124 230 234 204 183 37 151 179 146 19 141 168 135 134 97 116 181 183 216 8 234 121 79 124 74 68 252 251 45 75 104
            SHEAR_X | 1.0 | -1 | 167 186 28 142 56 233 83 30 112 144 124 35 10 8 19 228 240 211 220 75 201 136 207 104 44 116 107 186 103 130 185 164 255 19 177 187 103 94 116 73 104 242 250 142 6
            SHEAR_Y | 0.9 | 1 | 175 103 84 125 150 187 0 43 18 21 25 17 124 124 124 225 182 245 8 122 172 133 148 134 63 60 204 116 116 116 181 109 156 86 65 180 123 173 6 141 243 255 104 104 104
            SHEAR_Y | 0.4 | -1 | 165 190 8 157 124 212 34 85 147 108 51 9 40 53 121 230 252 201 232 116 200 132 246 68 91 80 177 144 64 109 184 184 255 0 104 170 59 154 64 140 233 213 176 46 80
            TRANSLATE_X | 0.9 | 1 | 19 153 34 124 124 98 119 162 124 124 9 13 38 124 124 205 200 49 116 116 232 1 126 116 116 101 142 69 116 116 240 4 217 104 104 131 85 70 104 104 199 0 136 104 104
            TRANSLATE_X | 0.3 | -1 | 124 179 112 49 134 124 134 4 113 135 124 33 9 8 21 116 234 229 211 154 116 160 163 169 8 116 118 179 107 125 104 174 210 163 37 104 132 71 127 75 104 244 252 123 14
            TRANSLATE_Y | 0.9 | 1 | 175 0 87 90 150 20 17 0 0 21 124 124 124 124 124 161 120 211 7 122 57 203 85 161 63 116 116 116 116 116 185 88 132 79 65 245 255 215 0 141 104 104 104 104 104
            TRANSLATE_Y | 0.5 | -1 | 124 124 124 124 124 192 116 50 149 86 158 0 79 78 139 116 116 116 116 116 225 194 225 129 79 147 126 197 19 117 104 104 104 104 104 175 122 202 37 162 192 107 138 71 70
            COLOUR | 0.9 | 1 | 137 139 0 142 13 215 0 26 174 186 9 0 0 0 13 247 255 247 234 42 190 153 255 0 119 65 232 115 187 73 166 139 255 0 255 155 50 89 118 24 255 255 255 0 185
            COLOUR | 0.9 | -1 | 198 202 129 163 60 196 65 165 61 135 74 122 72 73 62 210 215 164 173 63 193 86 192 39 128 80 155 90 98 68 201 202 172 135 93 190 75 172 55 117 111 166 109 71 80
            CONTRAST | 0.9 | 1 | 201 206 0 174 0 255 0 70 110 188 0 0 0 0 0 255 255 255 255 0 244 114 255 0 121 29 248 83 155 25 230 206 255 0 255 210 11 134 54 25 255 255 255 0 137
            CONTRAST | 0.6 | -1 | 145 147 77 138 85 163 71 112 122 142 87 75 73 74 86 173 178 163 162 92 156 123 177 70 125 102 157 115 134 101 153 147 181 70 166 148 97 128 108 101 177 183 163 69 129
            BRIGHTNESS | 0.9 | 1 | 255 255 36 255 66 255 10 173 213 255 76 28 18 23 68 255 255 255 255 95 255 217 255 7 224 132 255 186 255 128 255 255 255 9 255 255 114 237 157 128 255 255 255 3 240
            BRIGHTNESS | 0.3 | -1 | 122 124 14 111 27 150 4 70 86 117 30 11 7 9 27 167 173 150 148 38 140 87 172 2 90 53 141 75 104 51 134 124 178 3 155 126 45 95 63 51 173 182 150 1 97
            SHARPNESS | 0.9 | 1 | 168 171 20 153 37 206 0 112 143 161 42 16 10 13 38 229 238 206 204 53 192 88 255 0 124 73 194 103 143 71 184 171 245 5 213 173 0 131 67 71 237 250 206 2 133
            SHARPNESS | 1.0 | -1 | 168 171 20 153 37 206 52 78 89 161 42 16 10 13 38 229 238 206 204 53 192 155 189 80 124 73 194 103 143 71 184 171 245 5 213 173 138 130 108 71 237 250 206 2 133
            AUTO_CONTRAST | 0.9 | 1 | 206 210 17 187 39 254 0 114 142 197 45 12 5 8 40 245 254 220 217 53 204 126 252 0 130 75 207 107 151 73 187 173 249 3 216 175 62 132 87 70 241 255 209 0 134
            SOLARIZE | 0.9 | 1 | 87 84 20 102 218 49 6 159 137 94 213 16 10 13 217 26 17 49 51 202 63 135 19 4 131 182 61 152 112 184 71 84 10 5 42 82 192 124 168 184 18 5 49 2 122
            SOLARIZE | 0.33 | 1 | 168 171 20 153 37 49 6 96 118 161 42 16 10 13 38 26 17 49 51 53 63 120 19 4 124 73 61 103 143 71 71 171 10 5 42 82 63 131 87 71 18 5 49 2 133
            SOLARIZE_ADD | 0.9 | 1 | 168 171 119 153 136 206 105 195 217 161 141 115 109 112 137 229 238 206 204 152 192 219 236 103 223 172 194 202 143 170 184 171 245 104 213 173 162 131 186 170 237 250 206 101 133
            """)
    void isBitIdenticalToPillow(Distortion distortion, double share, int side, String expected) {
        byte[] pixels = bytes(IMAGE);
        augment(new ImageShape(3, 3, 5)).apply(distortion, pixels, share, side);

        assertThat(unsigned(pixels)).containsExactlyElementsOf(
                Arrays.stream(expected.split(" ")).map(Integer::valueOf).toList());
    }

    @ParameterizedTest
    @EnumSource(Distortion.class)
    void anyExtentAndStrengthIsTakenAndNothingRemembered(Distortion distortion) {
        Random random = new Random(1);
        for (int round = 0; round < 60; round++) {
            ImageShape shape = new ImageShape(3, 1 + random.nextInt(9), 1 + random.nextInt(9));
            RandAugment used = augment(shape);
            for (int share = 0; share <= 3; share++) {
                byte[] pixels = new byte[shape.size()];
                random.nextBytes(pixels);
                byte[] again = pixels.clone();
                used.apply(distortion, pixels, share / 3.0, random.nextBoolean() ? 1 : -1);
                byte[] first = again.clone();
                augment(shape).apply(distortion, first, share / 3.0, 1);
                used.apply(distortion, again, share / 3.0, 1);
                assertThat(again).isEqualTo(first);
            }
        }
    }

    /** Of an image of one colour only the fill can be another colour, and no strength is no change. */
    @ParameterizedTest
    @EnumSource(value = Distortion.class, names = {"ROTATE", "SHEAR_X", "SHEAR_Y", "TRANSLATE_X", "TRANSLATE_Y"})
    void movingKeepsOneColourExactly(Distortion distortion) {
        Random random = new Random(2);
        ImageShape shape = new ImageShape(3, 7, 9);
        byte[] fill = bytes(124, 116, 104);
        for (int round = 0; round < 200; round++) {
            byte[] pixels = new byte[shape.size()];
            for (int channel = 0; channel < 3; channel++) {
                Arrays.fill(pixels, channel * 63, channel * 63 + 63, (byte) (17 + 70 * channel));
            }
            augment(shape).apply(distortion, pixels, random.nextDouble(), round % 2 * 2 - 1);
            for (int at = 0; at < pixels.length; at++) {
                assertThat(pixels[at]).isIn((byte) (17 + 70 * (at / 63)), fill[at / 63]);
            }
            random.nextBytes(pixels);
            byte[] before = pixels.clone();
            augment(shape).apply(distortion, pixels, 0, 1);
            assertThat(pixels).isEqualTo(before);
        }
    }

    private static RandAugment augment(ImageShape shape) {
        return new RandAugment(shape, ChannelStatistics.IMAGENET, 9);
    }

    private static List<Integer> warped(int[] image, Warp warp) {
        byte[] pixels = bytes(image);
        warp.apply(new AffineWarp(new ImageShape(1, 3, 3), new byte[]{FILL}), pixels);
        return unsigned(pixels);
    }

    private static byte[] bytes(int... levels) {
        byte[] bytes = new byte[levels.length];
        for (int at = 0; at < levels.length; at++) {
            bytes[at] = (byte) levels[at];
        }
        return bytes;
    }

    private static List<Integer> unsigned(byte[] bytes) {
        Integer[] levels = new Integer[bytes.length];
        for (int at = 0; at < levels.length; at++) {
            levels[at] = Byte.toUnsignedInt(bytes[at]);
        }
        return Arrays.asList(levels);
    }

    private interface Warp {
        void apply(AffineWarp warp, byte[] pixels);
    }
}
