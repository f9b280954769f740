package org.bame.harness;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the arrows between modules and packages: harness -> baselines, datasets -> core, and no way back. */
@AnalyzeClasses(packages = "org.bame", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String SPARSITY = "org.bame.sparsity..";
    private static final String KERNEL = "org.bame.kernel..";
    private static final String BASELINES = "org.bame.baselines..";
    private static final String DATASETS = "org.bame.datasets..";
    private static final String HARNESS = "org.bame.harness..";

    @ArchTest
    static final ArchRule sparsityAndKernelsKnowNoFramework = noClasses()
            .that()
            .resideInAnyPackage(SPARSITY, KERNEL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.deeplearning4j..", "org.nd4j..")
            .because("patterns and kernels are useful without Deeplearning4j");

    @ArchTest
    static final ArchRule coreKnowsNoModuleBuiltOnIt = noClasses()
            .that()
            .resideOutsideOfPackages(BASELINES, DATASETS, HARNESS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(BASELINES, DATASETS, HARNESS)
            .because("any Deeplearning4j user can take bame-core alone");

    @ArchTest
    static final ArchRule baselinesKnowNeitherDataSetsNorHarness = noClasses()
            .that()
            .resideInAPackage(BASELINES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DATASETS, HARNESS);

    @ArchTest
    static final ArchRule dataSetsKnowNeitherBaselinesNorHarness = noClasses()
            .that()
            .resideInAPackage(DATASETS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(BASELINES, HARNESS);

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles = slices().matching("org.bame.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule packagesOfTheHarnessAreFreeOfCycles =
            slices().matching("org.bame.harness.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyKernelsUseVectors = noClasses()
            .that()
            .resideOutsideOfPackage(KERNEL)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.incubator.vector..")
            .because("every SIMD kernel has a scalar twin behind the same interface");

    @ArchTest
    static final ArchRule onlyCommandsAndReportsPrint = noClasses()
            .that()
            .resideOutsideOfPackages("org.bame.harness.cli..", "org.bame.harness.report..")
            .should()
            .accessField(System.class, "out")
            .because("standard output is for results; what happens on the way is logged");
}
