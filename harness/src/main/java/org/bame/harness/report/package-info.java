/** What people look at: plots of measurements. */
package org.bame.harness.report;
