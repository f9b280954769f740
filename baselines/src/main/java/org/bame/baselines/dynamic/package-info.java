/**
 * What methods of dynamic sparse training share: a sparse store whose mask changes every now and then by dropping weights
 * and growing others. Each method adds a {@link org.bame.baselines.dynamic.Topology}.
 */
package org.bame.baselines.dynamic;
