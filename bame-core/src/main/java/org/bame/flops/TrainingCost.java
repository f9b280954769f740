package org.bame.flops;

/**
 * Cost of a run relative to the dense network, in every account, so that no ratio is quoted without its account.
 *
 * @param paper training, in account {@code PAPER}
 * @param cpuExecuted training, in account {@code CPU_EXECUTED}
 * @param nmHardware training, in account {@code NM_HARDWARE}
 * @param test inference
 */
public record TrainingCost(double paper, double cpuExecuted, double nmHardware, double test) {
    /** Cost of training that goes through as many steps so many times; the dense network is still trained once. */
    public TrainingCost times(int cycles) {
        return new TrainingCost(cycles * paper, cycles * cpuExecuted, cycles * nmHardware, test);
    }

    /** Training ratio in one account. */
    public double train(Account account) {
        return switch (account) {
            case PAPER -> paper;
            case CPU_EXECUTED -> cpuExecuted;
            case NM_HARDWARE -> nmHardware;
        };
    }
}
