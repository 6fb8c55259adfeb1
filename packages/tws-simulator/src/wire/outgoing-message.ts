import { UNSET_DOUBLE, UNSET_INTEGER } from './unset.js';

/** One message on its way to a client: NUL-ended fields, the message id first. */
export class OutgoingMessage {
  /** The fields as they go out, each ended by NUL. */
  body: string;

  constructor(readonly id: number) {
    this.body = `${id}\0`;
  }

  string(value: string): this {
    this.body += `${value}\0`;
    return this;
  }

  /** Text that newer clients expect in ASCII, everything else written as `\uXXXX`. Line ends are ASCII: not every client undoes what is written so. */
  ascii(value: string): this {
    return this.string(value.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`));
  }

  /** A whole number; undefined goes out as an empty field. */
  int(value: number | undefined): this {
    this.body += value === undefined ? '\0' : `${value}\0`;
    return this;
  }

  /** A whole number; undefined goes out as the largest integer. */
  intOrUnset(value: number | undefined): this {
    this.body += value === undefined ? `${UNSET_INTEGER}\0` : `${value}\0`;
    return this;
  }

  /** A number; undefined goes out as an empty field. */
  double(value: number | undefined): this {
    this.body += value === undefined ? '\0' : `${value}\0`;
    return this;
  }

  /** A number; undefined goes out as the largest double. */
  doubleOrUnset(value: number | undefined): this {
    this.body += value === undefined ? `${UNSET_DOUBLE}\0` : `${value}\0`;
    return this;
  }

  bool(value: boolean): this {
    this.body += value ? '1\0' : '0\0';
    return this;
  }
}
