import { DataError } from '@keelson/core/errors';

/** A row of a table, by column name; `line` counts from 1, the header included. */
export type Row = { readonly line: number; readonly fields: Readonly<Record<string, string>> };

/**
 * Reads CSV (RFC 4180) with a header: commas, quoted fields, `#` comments and blank lines between rows.
 *
 * @throws DataError DATA_EMPTY, DATA_FORMAT with the line
 */
export function readTable(text: string, file: string): readonly Row[] {
  const rows = [...records(text, file)];
  const header = rows.shift();
  if (header === undefined) throw new DataError('DATA_EMPTY', `${file} is empty, expected a header and rows`, { hint: 'give a file with rows' });
  const names = header.fields.map((name) => name.trim());
  return rows.map(({ line, fields }) => {
    if (fields.length !== names.length) throw new DataError('DATA_FORMAT', `${file} row ${line} has ${fields.length} fields, expected ${names.length} (${names.join(', ')})`, { hint: 'correct the row' });
    return { line, fields: Object.fromEntries(names.map((name, i) => [name, (fields[i] as string).trim()])) };
  });
}

function* records(text: string, file: string): Generator<{ readonly line: number; readonly fields: string[] }> {
  let line = 1;
  let at = text.startsWith('\ufeff') ? 1 : 0;
  while (at < text.length) {
    const start = line;
    const fields: string[] = [];
    let open = true;
    while (open) {
      let field = '';
      const quoted = /^[ \t]*"/.exec(text.slice(at, at + 64));
      if (quoted !== null) {
        at += quoted[0].length;
        for (;;) {
          const end = text.indexOf('"', at);
          if (end < 0) throw new DataError('DATA_FORMAT', `${file} row ${start} has a quote that is never closed, expected a second one`, { hint: 'close the quote' });
          field += text.slice(at, end);
          at = end + 1;
          if (text[at] !== '"') break;
          field += '"';
          at++;
        }
        line += field.split('\n').length - 1;
      }
      const rest = /[^,\r\n]*/y;
      rest.lastIndex = at;
      const plain = (rest.exec(text) as RegExpExecArray)[0];
      if (quoted !== null && plain.trim() !== '') throw new DataError('DATA_FORMAT', `${file} row ${start} has text after a closing quote, expected a comma or the end of the row`, { hint: 'correct the row' });
      fields.push(quoted === null ? plain : field);
      at += plain.length;
      open = text[at] === ',';
      if (open) at++;
    }
    at += text.startsWith('\r\n', at) ? 2 : 1;
    line++;
    const blank = fields.length === 1 && (fields[0] as string).trim() === '';
    if (!blank && !(fields[0] as string).trimStart().startsWith('#')) yield { line: start, fields };
  }
}
