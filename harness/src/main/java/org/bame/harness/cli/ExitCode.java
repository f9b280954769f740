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

    static final String[] HELP = {
        "0:Everything asked for was done",
        "1:A run failed or diverged, or another process is still training it",
        "2:A mistake on the command line, in a sweep file or in the results folder",
        "3:Data are missing, damaged or unreachable"
    };

    private ExitCode() {}
}
