package org.bame.harness.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bame.harness.Suite;

/** Makes a page of what results folders hold. The same files make the same page, byte for byte. */
public final class Report {

    private final Suite suite;

    /** @param suite what costs are counted with */
    public Report(Suite suite) {
        this.suite = suite;
    }

    /**
     * The page as HTML.
     *
     * @param folders with CSV files of this or earlier versions
     * @param reference published figures, if there are any to be shown
     * @throws org.bame.harness.results.ResultsException if a folder holds nothing to show, or a file is damaged
     */
    public String page(List<Path> folders, Optional<Path> reference) {
        ReportData data = ReportData.read(folders);
        Map<Section, List<Block>> shown = new LinkedHashMap<>();
        for (Section section : sections(reference)) {
            List<Block> blocks = section.blocks(data);
            if (!blocks.isEmpty()) {
                shown.put(section, blocks);
            }
        }
        return ReportPage.render(notes(data), shown);
    }

    private List<Section> sections(Optional<Path> reference) {
        List<Section> sections = new ArrayList<>(List.of(
                new RunsSection(),
                new AccuracySection(AccuracySection.Cost.FLOPS),
                new AccuracySection(AccuracySection.Cost.SECONDS),
                new LearningCurvesSection(),
                new TrainingTimeSection(),
                new LayersSection(),
                new MasksSection()));
        reference.ifPresent(file -> sections.add(new PublishedSection(file, new CountedCosts(suite))));
        sections.addAll(List.of(
                new KernelsSection(),
                new StepsSection(),
                new ScaleSection(),
                new DataSection(),
                new EnvironmentsSection()));
        return sections;
    }

    private static List<String> notes(ReportData data) {
        List<String> notes = new ArrayList<>();
        notes.add("Of " + data.folders().stream().map(Report::name).collect(Collectors.joining(", ")) + ".");
        notes.add(
                "Executed is a time in which a kernel skipped the zeros of a mask, simulated one in which dense arithmetic ran"
                        + " on them. A method's name may have a variant behind a slash.");
        if (data.repeated() > 0) {
            notes.add(NumberText.count(data.repeated(), "row") + " that an earlier folder has, too, count once.");
        }
        return notes;
    }

    private static String name(Path folder) {
        return folder.toAbsolutePath().normalize().getFileName().toString();
    }
}
