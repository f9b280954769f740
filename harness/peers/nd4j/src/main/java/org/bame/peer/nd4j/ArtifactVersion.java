package org.bame.peer.nd4j;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of a Maven artifact, as its own jar says. */
final class ArtifactVersion {

    private ArtifactVersion() {}

    static String of(String group, String artifact) {
        String path = "/META-INF/maven/" + group + "/" + artifact + "/pom.properties";
        Properties properties = new Properties();
        try (InputStream stream = ArtifactVersion.class.getResourceAsStream(path)) {
            if (stream != null) {
                properties.load(stream);
            }
        } catch (IOException e) {
            throw new IllegalStateException("Cannot read " + path + " of the class path", e);
        }
        return properties.getProperty("version", "unknown");
    }
}
