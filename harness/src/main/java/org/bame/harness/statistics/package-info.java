/** What several measurements of one thing say: pure numbers, which know nothing of files. */
package org.bame.harness.statistics;
