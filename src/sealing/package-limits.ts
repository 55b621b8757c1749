/** What a package may hold. A package is not compressed, so a bomb can only be long or have many entries. */
export type PackageLimits = {
  readonly files: number;
  readonly fileBytes: number;
  /** Of the whole package, headers included. */
  readonly totalBytes: number;
  readonly indexBytes: number;
  readonly offerBytes: number;
};

export const defaultLimits: PackageLimits = {
  files: 1000,
  fileBytes: 2 * 2 ** 30,
  totalBytes: 4 * 2 ** 30,
  indexBytes: 1 << 20,
  offerBytes: 16 * 1024,
};
