/**
 * Text of a document: by its byte order mark, the charset of its content type, or the encoding that its XML
 * declaration names; else UTF-8. An encoding that nobody knows is read as UTF-8.
 */
export function decodeText(bytes: Uint8Array, contentType: string): string {
  const declared = /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(Buffer.from(bytes.subarray(0, 256)).toString('latin1'))?.[1];
  const label = markOf(bytes) ?? /charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1] ?? declared ?? 'utf-8';
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

function markOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}
