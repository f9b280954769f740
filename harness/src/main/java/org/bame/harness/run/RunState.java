package org.bame.harness.run;

import java.util.List;

/**
 * What a checkpoint says beside what the trainer itself saves. Everything that later rows depend on is here, so that a
 * resumed run writes the rows that an uninterrupted one would have written.
 *
 * @param progress how far the training is
 * @param measures what it took
 * @param dataSha256 of the files that it is trained on; null in checkpoints that do not tell
 */
record RunState(RunProgress progress, RunMeasures measures, List<String> dataSha256) {}
