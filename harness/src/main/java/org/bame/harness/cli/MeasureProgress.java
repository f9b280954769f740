package org.bame.harness.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.bame.harness.measure.MeasureObserver;

/** A benchmark's progress: one line drawn again and again on a terminal, else now and then a line. */
final class MeasureProgress implements MeasureObserver {

    private static final long TERMINAL_NANOS = 500_000_000L;
    private static final long PLAIN_NANOS = 10_000_000_000L;
    private static final int WIDTH = 118;

    private final PrintWriter err;
    private final boolean terminal;
    private final TimeLeft timeLeft = new TimeLeft(System::nanoTime);
    private boolean started;
    private boolean drawn;
    private long shownNanos;

    MeasureProgress(PrintWriter err) {
        this.err = err;
        this.terminal = System.console() != null && System.console().isTerminal();
    }

    @Override
    public void progress(String what, long done, long total) {
        long now = System.nanoTime();
        if (!started) {
            timeLeft.start(done, total, 0);
        }
        timeLeft.update(done);
        if (started && done < total && now - shownNanos < (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
            return;
        }
        started = true;
        shownNanos = now;
        String text = String.format(
                Locale.ROOT, "%3.0f %% %s, %s left", 100.0 * done / total, what, Text.duration(timeLeft.runSeconds()));
        if (terminal) {
            err.print("\r" + text + " ".repeat(Math.max(0, WIDTH - text.length())));
            drawn = true;
        } else {
            err.println(text);
        }
        err.flush();
    }

    @Override
    public void note(String text) {
        end();
        err.println(text);
        err.flush();
    }

    /** Leaves the line as it is and goes to the next. */
    void end() {
        if (drawn) {
            err.println();
            err.flush();
            drawn = false;
        }
    }
}
