package org.bame.layer;

import java.util.List;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * How Deeplearning4j's stock updater treats the parameters of a normalisation: gamma and beta by an updater, without
 * decay; the running statistics by none.
 *
 * @param name of the vertex
 * @param updater of gamma and beta
 */
record NormalisationTraining(String name, IUpdater updater) implements TrainingConfig {
    @Override
    public String getLayerName() {
        return name;
    }

    @Override
    public List<Regularization> getRegularizationByParam(String parameter) {
        return null;
    }

    @Override
    public boolean isPretrainParam(String parameter) {
        return false;
    }

    @Override
    public IUpdater getUpdaterByParam(String parameter) {
        return Normalisation.isStatistic(parameter) ? new NoOp() : updater;
    }

    @Override
    public GradientNormalization getGradientNormalization() {
        // Deeplearning4j would clip the changes of the running statistics together with the gradients.
        return GradientNormalization.None;
    }

    @Override
    public double getGradientNormalizationThreshold() {
        return 1;
    }

    @Override
    public void setDataType(DataType dataType) {
        // Nothing here has a type.
    }
}
