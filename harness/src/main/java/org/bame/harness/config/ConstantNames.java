package org.bame.harness.config;

import java.util.Locale;

/** Constants of enums, as users name them: {@code padCropFlip} for {@code PAD_CROP_FLIP}. */
public final class ConstantNames {

    private ConstantNames() {}

    /** How a constant is written in configuration files. */
    public static String of(Enum<?> constant) {
        String[] words = constant.name().toLowerCase(Locale.ROOT).split("_");
        StringBuilder name = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            name.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
        }
        return name.toString();
    }
}
