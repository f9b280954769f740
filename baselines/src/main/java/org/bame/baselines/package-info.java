/** The training methods BAME is compared with. Each decides what runs sparse and never touches a network itself. */
package org.bame.baselines;
