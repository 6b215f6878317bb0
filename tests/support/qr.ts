import type { Locator } from '@playwright/test';
import jsQR from 'jsqr';

/** Pixels of a module: what a camera sees has more than one. */
const SCALE = 4;

/** What a drawn QR code says, read from its picture. */
export async function readQr(picture: Locator): Promise<string> {
  const [, , side] = (await picture.getAttribute('viewBox'))!.split(' ').map(Number);
  const path = (await picture.locator('path').getAttribute('d'))!;
  const size = side! * SCALE;
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let row = 0; row < SCALE; row += 1) {
      for (let column = 0; column < SCALE; column += 1) {
        const at = ((Number(y) * SCALE + row) * size + Number(x) * SCALE + column) * 4;
        pixels.fill(0, at, at + 3);
      }
    }
  }
  const read = (jsQR as unknown as typeof jsQR.default)(pixels, size, size);
  if (!read) throw new Error('the picture is no QR code');
  return read.data;
}
