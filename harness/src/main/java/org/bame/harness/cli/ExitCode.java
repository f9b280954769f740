package org.bame.harness.cli;

/** What the process's exit status means. */
final class ExitCode {

    /** Everything asked for was done. */
    static final int OK = 0;
    /** A run failed or diverged, or another process is still training it. */
    static final int RUN_FAILED = 1;
    /** A mistake on the command line, in a sweep file, or in the results folder, whatever else happened to other runs. */
    static final int USAGE = 2;
    /** Data are missing, damaged or unreachable. */
    static final int DATA = 3;
    /** Something is worse than it was; see {@code ./bame compare}. */
    static final int REGRESSION = 4;

    private ExitCode() {}
}
