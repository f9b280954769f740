/** What a method costs on a network, by arithmetic alone. */
package org.bame.harness.flops;
