package org.bame.method;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says what a component of a method's configuration means and how well its default is founded, for readers of the code
 * and for {@code ./bame list methods NAME --options} alike.
 */
@Documented
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Key {
    /** What it means: a sentence without its full stop. */
    String value();

    /** What the default rests on. */
    Status status();

    /** What a default rests on; {@link #status} is that of the weakest part, the text says what else holds. */
    enum Status {
        /** Read in a publication. */
        STATED,
        /** Read in a reference implementation. */
        CODE,
        /** Follows from what is stated or read. */
        DERIVED,
        /** Common knowledge of the field or of the paper, not read again. */
        GENERAL,
        /** A choice made here, because no available source fixes it. */
        ASSUMED,
        /** No part of the method: this suite's own instrument. */
        SUITE
    }
}
