/** Hardware to train on. */
package org.bame.harness.device;
