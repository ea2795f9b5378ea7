// The server is one folder with what it needs; headers are those of the ingress, so that no answer has them twice.
/** @type {import("next").NextConfig} */
export default {
  output: "standalone",
  outputFileTracingRoot: new URL("..", import.meta.url).pathname,
  productionBrowserSourceMaps: false,
  poweredByHeader: false,
  compress: true,
  images: { formats: ["image/avif", "image/webp"], minimumCacheTTL: 86400 },
};
