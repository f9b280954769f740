/** What users write, read strictly: every mistake is found, said where it is, and told how to repair. */
package org.bame.harness.config;
