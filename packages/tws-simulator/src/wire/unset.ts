/** What a client or the server writes for an integer that has no value. */
export const UNSET_INTEGER = '2147483647';
/** What a client or the server writes for a floating-point number that has no value. */
export const UNSET_DOUBLE = '1.7976931348623157E308';
/** What newer clients write for a 64-bit integer or a decimal that has no value. */
export const UNSET_LONG = '9223372036854775807';
