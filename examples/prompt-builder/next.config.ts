import type { NextConfig } from "next";

// Headers are those of the door: set here too, every answer would have them twice.
const config: NextConfig = {
  output: "standalone",
  compress: true,
  poweredByHeader: false,
  images: { formats: ["image/avif", "image/webp"], minimumCacheTTL: 60 },
  serverExternalPackages: ["better-sqlite3"],
  // The binary is found by a path that is put together when the program runs.
  outputFileTracingIncludes: { "/*": ["./node_modules/better-sqlite3/prebuilds/linuxmusl-*"] },
};

export default config;
