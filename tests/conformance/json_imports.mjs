// Lets Node import the JSON files and extensionless modules that GitHub's packages expect a bundler for; must change nothing else.
export async function load(url, context, next) {
  if (!url.endsWith('.json')) return next(url, context);
  return next(url, { ...context, importAttributes: { type: 'json' } });
}

export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    for (const end of ['.js', '/index.js']) {
      try {
        return await next(specifier + end, context);
      } catch {
        // the first error names what was asked for: keep that one
      }
    }
    throw error;
  }
}
