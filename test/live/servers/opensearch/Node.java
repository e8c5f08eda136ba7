import org.codelibs.opensearch.runner.OpenSearchRunner;

/** One node of OpenSearch. Arguments: its folder, its addresses for HTTP, its port for HTTP. */
public class Node {
    public static void main(String[] arguments) throws Exception {
        OpenSearchRunner runner = new OpenSearchRunner();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                runner.close();
            } catch (Throwable ignored) {
            }
        }));
        try {
            int port = Integer.parseInt(arguments[2]);
            runner.onBuild((number, settings) -> {
                settings.putList("http.host", arguments[1].split(","));
                settings.put("http.port", String.valueOf(port));
                settings.put("transport.host", "127.0.0.1");
                settings.put("transport.port", String.valueOf(port + 100));
                settings.put("discovery.type", "single-node");
                settings.putList("discovery.seed_hosts");
            }).build(OpenSearchRunner.newConfigs().basePath(arguments[0]).numOfNode(1).clusterName("live"));
            System.out.println("up");
            Thread.currentThread().join();
        } catch (Throwable failure) {
            // The runner itself would go on without a node.
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }
}
