package live;

import java.io.IOException;
import java.util.*;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.*;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.pattern.PatternCaptureGroupTokenFilter;
import org.elasticsearch.action.admin.indices.create.*;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.metadata.*;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.cluster.service.ClusterService;
import org.elasticsearch.common.bytes.BytesReference;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.common.settings.*;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.index.mapper.*;
import org.elasticsearch.indices.analysis.AnalysisModule;
import org.elasticsearch.plugins.*;
import org.elasticsearch.rest.*;
import org.elasticsearch.xcontent.XContentBuilder;

/** What the distribution for integration tests lacks of a usual one, as far as the tests ask for it. Lifecycle policies are only kept. */
public class MissingParts extends Plugin implements ActionPlugin, MapperPlugin, AnalysisPlugin {
    private ClusterService cluster;
    private final Map<String, BytesReference> policies = new ConcurrentHashMap<>();

    @Override
    public Collection<?> createComponents(PluginServices services) {
        cluster = services.clusterService();
        return List.of();
    }

    private static RestChannelHandler reply(RestStatus status, Consumer<XContentBuilder> body) {
        return channel -> {
            XContentBuilder b = channel.newBuilder();
            b.startObject();
            body.accept(b);
            b.endObject();
            channel.sendResponse(new RestResponse(status, b));
        };
    }

    interface RestChannelHandler { void go(RestChannel c) throws Exception; }
    interface Route { RestChannelHandler handle(RestRequest r, NodeClient c) throws IOException; }

    private static RestHandler handler(String name, List<RestHandler.Route> routes, Route fn) {
        return new BaseRestHandler() {
            @Override public String getName() { return name; }
            @Override public List<RestHandler.Route> routes() { return routes; }
            @Override protected RestChannelConsumer prepareRequest(RestRequest r, NodeClient c) throws IOException {
                RestChannelHandler h = fn.handle(r, c);
                return channel -> h.go(channel);
            }
        };
    }

    private static void f(XContentBuilder b, String k, Object v) {
        try { b.field(k, v); } catch (IOException e) { throw new java.io.UncheckedIOException(e); }
    }

    @Override
    public Collection<RestHandler> getRestHandlers(Settings s, NamedWriteableRegistry n, RestController rc, ClusterSettings cs,
        IndexScopedSettings iss, SettingsFilter sf, IndexNameExpressionResolver r, Supplier<DiscoveryNodes> d, Predicate<NodeFeature> p) {
        List<RestHandler> out = new ArrayList<>();
        out.add(handler("missing_parts_root", List.of(new RestHandler.Route(RestRequest.Method.GET, "/"), new RestHandler.Route(RestRequest.Method.HEAD, "/")), (q, c) -> reply(RestStatus.OK, b -> {
            var st = cluster.state();
            f(b, "name", cluster.getNodeName());
            f(b, "cluster_name", st.getClusterName().value());
            f(b, "cluster_uuid", st.metadata().clusterUUID());
            var build = org.elasticsearch.Build.current();
            f(b, "version", Map.of("number", build.qualifiedVersion(), "build_flavor", build.flavor(), "build_type", "zip",
                "build_hash", build.hash(), "build_date", build.date(), "build_snapshot", false, "lucene_version",
                org.apache.lucene.util.Version.LATEST.toString(), "minimum_wire_compatibility_version", build.minWireCompatVersion(),
                "minimum_index_compatibility_version", build.minIndexCompatVersion()));
            f(b, "tagline", "You Know, for Search");
        })));
        out.add(handler("missing_parts_get_ds", List.of(new RestHandler.Route(RestRequest.Method.GET, "/_data_stream/{name}"), new RestHandler.Route(RestRequest.Method.GET, "/_data_stream")), (q, c) -> {
            String name = q.param("name", "*");
            List<Map<String, Object>> l = new ArrayList<>();
            cluster.state().metadata().dataStreams().forEach((k, v) -> {
                if (org.elasticsearch.common.regex.Regex.simpleMatch(name, k)) l.add(Map.of("name", k, "generation", v.getGeneration(),
                    "timestamp_field", Map.of("name", "@timestamp"), "indices", v.getIndices().stream().map(i -> Map.of("index_name", i.getName(), "index_uuid", i.getUUID())).toList()));
            });
            if (l.isEmpty() && name.contains("*") == false) throw new org.elasticsearch.index.IndexNotFoundException(name);
            return reply(RestStatus.OK, b -> f(b, "data_streams", l));
        }));
        out.add(handler("missing_parts_put_ds", List.of(new RestHandler.Route(RestRequest.Method.PUT, "/_data_stream/{name}")), (q, c) -> {
            String name = q.param("name");
            if (cluster.state().metadata().dataStreams().containsKey(name)) throw new org.elasticsearch.ResourceAlreadyExistsException("data_stream [" + name + "] already exists");
            return ch -> c.execute(AutoCreateAction.INSTANCE, new CreateIndexRequest(name), new org.elasticsearch.rest.action.RestToXContentListener<>(ch));
        }));
        out.add(handler("missing_parts_put_ilm", List.of(new RestHandler.Route(RestRequest.Method.PUT, "/_ilm/policy/{name}")), (q, c) -> {
            policies.put(q.param("name"), new org.elasticsearch.common.bytes.BytesArray(BytesReference.toBytes(q.requiredContent())));
            return reply(RestStatus.OK, b -> f(b, "acknowledged", true));
        }));
        out.add(handler("missing_parts_get_ilm", List.of(new RestHandler.Route(RestRequest.Method.GET, "/_ilm/policy/{name}")), (q, c) -> {
            String name = q.param("name");
            BytesReference v = policies.get(name);
            if (v == null) throw new org.elasticsearch.ResourceNotFoundException("Lifecycle policy not found: [{}]", name);
            Object m = org.elasticsearch.common.xcontent.XContentHelper.convertToMap(v, false, org.elasticsearch.xcontent.XContentType.JSON).v2().get("policy");
            return reply(RestStatus.OK, b -> f(b, name, Map.of("version", 1, "policy", m)));
        }));
        return out;
    }

    @Override
    public Map<String, Mapper.TypeParser> getMappers() {
        return Map.of("wildcard", KeywordFieldMapper.PARSER, "constant_keyword", KeywordFieldMapper.PARSER, "match_only_text", TextFieldMapper.PARSER,
            "scaled_float", (name, node, ctx) -> { node.remove("scaling_factor"); return NumberFieldMapper.NumberType.DOUBLE.parser().parse(name, node, ctx); });
    }

    @Override
    public List<Setting<?>> getSettings() {
        return List.of(Setting.simpleString("index.lifecycle.name", Setting.Property.IndexScope, Setting.Property.Dynamic), Setting.simpleString("index.lifecycle.rollover_alias", Setting.Property.IndexScope, Setting.Property.Dynamic));
    }

    @Override
    public Map<String, AnalysisModule.AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        return Map.of("unique", (is, env, name, settings) -> new AbstractTokenFilterFactory(name, settings) {
            @Override public TokenStream create(TokenStream ts) { return new org.apache.lucene.analysis.miscellaneous.RemoveDuplicatesTokenFilter(ts); }
        }, "pattern_capture", AnalysisPlugin.requiresAnalysisSettings((is, env, name, settings) -> new AbstractTokenFilterFactory(name, settings) {
            final Pattern[] ps = settings.getAsList("patterns").stream().map(Pattern::compile).toArray(Pattern[]::new);
            final boolean keep = settings.getAsBoolean("preserve_original", true);
            @Override public TokenStream create(TokenStream ts) { return new PatternCaptureGroupTokenFilter(ts, keep, ps); }
        }));
    }

    @Override
    public Map<String, AnalysisModule.AnalysisProvider<TokenizerFactory>> getTokenizers() {
        return Map.of("uax_url_email", (is, env, name, settings) -> TokenizerFactory.newFactory(name, org.apache.lucene.analysis.email.UAX29URLEmailTokenizer::new));
    }
}
