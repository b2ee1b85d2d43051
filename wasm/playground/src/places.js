// From the places that the module names to places in the editor's text.

/** Where a finding's line and column are in a CodeMirror document. */
export function offsetOf(doc, { line, columnUtf16 }) {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines))
  return Math.min(at.from + Math.max(columnUtf16 - 1, 0), at.to)
}

/** The UTF-16 offset that lies `bytes` bytes of UTF-8 into a text. */
export function utf16Offset(text, bytes) {
  let left = bytes
  let offset = 0
  for (const character of text) {
    if (left <= 0) break
    const point = character.codePointAt(0)
    left -= point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
    offset += character.length
  }
  return offset
}
