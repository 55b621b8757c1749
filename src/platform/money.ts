/** Money is counted in fen (1 yuan = 100 fen) as bigint; floating point never touches it. */
export type Fen = bigint & { readonly __unit: 'fen' };

/** Fen of a decimal count of fen, as the durable formats write it ("985000000"); throws a RangeError on anything else. */
export function fen(text: string | bigint): Fen {
  if (typeof text === 'string' && !/^(0|-?[1-9][0-9]{0,17})$/.test(text))
    throw new RangeError(`not an amount of fen: ${text}`);
  return BigInt(text) as Fen;
}

/** Yuan with two decimals and thousands separators: 28164500.00 yuan is "28,164,500.00". */
export function formatYuan(amount: Fen | bigint): string {
  const sign = amount < 0n ? '-' : '';
  const digits = (amount < 0n ? -amount : amount).toString().padStart(3, '0');
  const yuan = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}${yuan}.${digits.slice(-2)}`;
}
