const HERE = new URL('../../', import.meta.url)

/** `s3iam` is this package's Node entry, and other packages are those installed for this package's tests. */
export function resolve(specifier, context, next) {
  if (specifier === 's3iam') return next(new URL('js/node.js', HERE).href, context)
  const bare = !/^(\.|\/|node:|file:|data:)/.test(specifier)
  return next(specifier, bare ? { ...context, parentURL: new URL('package.json', HERE).href } : context)
}
