package org.bame.harness.cli;

import com.google.inject.AbstractModule;

/** Binds the commands. */
final class CliModule extends AbstractModule {

    @Override
    protected void configure() {
        bind(BameCommand.class);
        bind(SweepCommand.class);
        bind(RunCommand.class);
        bind(BenchCommand.class);
        bind(BenchKernelsCommand.class);
        bind(BenchStepCommand.class);
        bind(BenchScaleCommand.class);
        bind(BenchDataCommand.class);
        bind(ScalePointCommand.class);
        bind(FlopsCommand.class);
        bind(CompareCommand.class);
        bind(ListCommand.class);
        bind(ReportCommand.class);
        bind(DataCommand.class);
        bind(DoctorCommand.class);
    }
}
