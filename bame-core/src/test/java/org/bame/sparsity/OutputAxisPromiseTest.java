package org.bame.sparsity;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class OutputAxisPromiseTest {
    private static final NmPattern PATTERN = new NmPattern(1, 2);

    /** Five outputs of two inputs: pairs 0 and 1, 2 and 3, and 4 alone. */
    @Test
    void whatStaysIsAsMuchAsThePatternLeavesOfTheForwardMask() {
        Mask forward = mask(1, "11 01 10 10 11");
        require(forward, mask(1, "11 00 10 00 11"));
        require(forward, mask(1, "10 01 00 10 11"));
        assertThatThrownBy(() -> require(forward, mask(1, "11 00 10 10 11")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "The input gradient of 5x1x1x2 keeps 2 weights at position 0 of outputs [2, 3], expected 1 of"
                                + " the 2 in the forward mask: 1:2 along the outputs");
        assertThatThrownBy(() -> require(forward, mask(1, "10 00 10 00 11")))
                .hasMessageContaining("keeps 0 weights at position 1 of outputs [0, 1], expected 1 of the 2");
        assertThatThrownBy(() -> require(forward, mask(1, "11 00 10 00 01")))
                .hasMessageContaining("keeps 0 weights at position 0 of outputs [4], expected 1 of the 1");
    }

    @Test
    void aMaskThatIsNmBothWaysIsItsOwnThinning() {
        Mask transposable = mask(1, "10 01 01 10");
        require(transposable, transposable);
        Mask alongInputs = mask(1, "10 01 10 10");
        assertThatThrownBy(() -> require(alongInputs, alongInputs)).hasMessageContaining(
                "of outputs [2, 3], expected 1");
    }

    @Test
    void weightsOutsideTheForwardMaskAndDensePlansBreakIt() {
        Mask forward = mask(1, "10 10");
        assertThatThrownBy(() -> require(forward, mask(1, "10 01")))
                .hasMessageContaining("keeps weight 3, expected none that the forward mask drops");
        OutputAxisPromise promise = OutputAxisPromise.inMemoryOrder(PATTERN, forward.shape());
        assertThatThrownBy(() -> promise.require(forward, Support.DENSE))
                .hasMessage(
                        "The input gradient of 2x1x1x2 keeps every weight, expected a mask that is 1:2 along the outputs");
    }

    /** Two groups of three outputs: blocks 0 1, 2 and 3 4, 5. */
    @Test
    void blocksEndWithTheirConvolutionsGroup() {
        Mask forward = mask(2, "11 01 11 11 10 01");
        require(forward, mask(2, "10 01 11 01 10 01"));
        assertThatThrownBy(() -> require(forward, mask(2, "10 01 11 00 10 01")))
                .hasMessageContaining("of 6x1x1x2 in 2 groups keeps 0 weights at position 1 of outputs [3, 4]");
        // Without groups, 2 and 3 would make a block.
        assertThatThrownBy(() -> require(mask(1, "11 01 11 11 10 01"), mask(1, "10 01 11 01 10 01")))
                .hasMessageContaining("of outputs [2, 3], expected 1");
    }

    @Test
    void consecutiveIsWhatTheOrderSays() throws IOException {
        Mask forward = mask(1, "11 11 11 11");
        Mask thinned = mask(1, "11 11 00 00");
        new OutputAxisPromise(PATTERN, permutation(forward.shape(), 0, 2, 3, 1)).require(forward, Support.of(thinned));
        assertThatThrownBy(() -> require(forward, thinned)).hasMessageContaining("of outputs [0, 1], expected 1");
    }

    @Test
    void anOrderThatMixesGroupsBreaksIt() throws IOException {
        Mask forward = mask(2, "10 01 10 01");
        OutputAxisPromise honest = new OutputAxisPromise(PATTERN, permutation(forward.shape(), 1, 0, 3, 2));
        assertThatCode(() -> honest.require(forward, Support.of(forward))).doesNotThrowAnyException();
        OutputAxisPromise mixing = new OutputAxisPromise(PATTERN, permutation(forward.shape(), 0, 3, 2, 1));
        assertThatThrownBy(() -> mixing.require(forward, Support.of(forward)))
                .hasMessageContaining("block of outputs [0, 3], expected outputs of group 0 alone");
    }

    private static void require(Mask forward, Mask inputGradient) {
        OutputAxisPromise.inMemoryOrder(PATTERN, forward.shape()).require(forward, Support.of(inputGradient));
    }

    /** As a checkpoint has it. */
    private static OutputPermutation permutation(WeightShape shape, int... order) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int output : order) {
            new DataOutputStream(bytes).writeInt(output);
        }
        OutputPermutation permutation = new OutputPermutation(shape);
        permutation.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        return permutation;
    }

    private static Mask mask(int groups, String rows) {
        int outputs = rows.split(" ").length;
        String kept = rows.replace(" ", "");
        Mask mask = Mask.empty(new WeightShape(outputs, 1, 1, kept.length() / outputs, groups));
        for (int i = 0; i < kept.length(); i++) {
            mask.set(i, kept.charAt(i) == '1');
        }
        return mask;
    }
}
