package org.bame.harness;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.bame.harness.networks.NetworkNode;
import org.bame.harness.networks.NetworkPlan;
import org.bame.harness.networks.PlanText;
import org.bame.harness.peer.Peer;
import org.bame.harness.peer.PeerFiles;
import org.bame.harness.peer.PeerRequest;
import org.bame.harness.peer.PeerServer;
import org.bame.harness.peer.PeerWork;

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
    static final ArchRule whatRunsInAPeersProcessNeedsNoLibrary = classes()
            .that()
            .belongToAnyOf(
                    PeerServer.class,
                    Peer.class,
                    PeerWork.class,
                    PeerRequest.class,
                    PeerFiles.class,
                    PlanText.class,
                    NetworkPlan.class,
                    NetworkNode.class)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.bame.harness.peer", "org.bame.harness.networks",
                    "org.bame.harness.config", "org.bame.kernel", "org.bame.sparsity", "org.bame.flops")
            .because("its class path holds no other jars of the suite");

    @ArchTest
    static final ArchRule onlyCommandsAndReportsPrint = noClasses()
            .that()
            .resideOutsideOfPackages("org.bame.harness.cli..", "org.bame.harness.report..")
            .and()
            .doNotBelongToAnyOf(PeerServer.class)
            .should()
            .accessField(System.class, "out")
            .because("standard output is for results; what happens on the way is logged");
}
