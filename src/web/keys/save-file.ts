/** Hands bytes made in this page to the person's disk; nothing is sent. */
export function saveFile(bytes: Uint8Array, name: string, type: string): void {
  const address = URL.createObjectURL(new Blob([bytes as BlobPart], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Browsers have begun to read by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
