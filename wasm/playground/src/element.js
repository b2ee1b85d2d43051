/** Makes an element with attributes and children; text never becomes markup. */
export function element(name, attributes, ...children) {
  const made = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value)
  made.append(...children)
  return made
}

/** A sentence of the module as nodes: what stands between backquotes is code, and it begins with a capital. */
export function sentence(text) {
  const parts = text.split('`')
  if (parts.length % 2 === 0) return [text]
  parts[0] = parts[0].slice(0, 1).toUpperCase() + parts[0].slice(1)
  return parts.map((part, index) => (index % 2 === 1 ? element('code', {}, part) : part))
}
