/**
 * Libraries that the suite is compared with, each in a JVM of its own, since their native libraries do not get along with ours
 * or with each other's. {@link org.bame.harness.peer.PeerServer} runs there and {@link org.bame.harness.peer.PeerProcess} here;
 * they talk by lines of text, and pass numbers in files. What runs there may use nothing but the JDK, {@code org.bame.kernel} and
 * {@code org.bame.harness.networks.NetworkPlan}: no other jar of the suite is on a peer's class path.
 */
package org.bame.harness.peer;
