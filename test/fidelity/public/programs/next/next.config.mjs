// Next: pages that are rendered ahead and at each request, route handlers, streams, redirects.

export default {
  turbopack: { root: new URL("../..", import.meta.url).pathname },
  generateBuildId: () => "fidelity",
  redirects: async () => [{ source: "/redirected", destination: "/posts/1", permanent: false }],
  headers: async () => [{ source: "/:path*", headers: [{ key: "X-Configured", value: "yes" }] }],
};
