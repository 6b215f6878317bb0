import type { Page } from '@playwright/test';

/** A picture that is red on its left and blue on its right, as JPEG or PNG; grains, in thousands, make it heavier. */
export async function halves(page: Page, width: number, height: number, type: 'image/jpeg' | 'image/png', grains = 0): Promise<Buffer> {
  const base64 = await page.evaluate(({ width, height, type, grains }) => {
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    const draw = canvas.getContext('2d')!;
    draw.fillStyle = '#c00000';
    draw.fillRect(0, 0, width / 2, height);
    draw.fillStyle = '#0000c0';
    draw.fillRect(width / 2, 0, width / 2, height);
    for (let i = 0; i < grains * 1_000; i += 1) {
      draw.fillStyle = `rgb(${(i * 37) % 256} ${(i * 91) % 256} ${(i * 53) % 256} / 0.7)`;
      draw.fillRect((i * 7919) % width, height * 0.3 + ((i * 6007) % (height * 0.4)), 3, 3);
    }
    return canvas.toDataURL(type, 0.95).split(',')[1]!;
  }, { width, height, type, grains });
  return Buffer.from(base64, 'base64');
}

/** What a camera writes into a JPEG: it was held upright (orientation 6), and where it was. */
export function fromCamera(jpeg: Buffer): Buffer {
  const exif = Buffer.concat([
    Buffer.from('Exif\0\0MM\0\x2a\0\0\0\x08', 'latin1'),
    Buffer.from([0, 2, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38, 0, 0, 0, 0]),
    Buffer.from([0, 1, 0, 1, 0, 2, 0, 0, 0, 2, 0x4e, 0, 0, 0, 0, 0, 0, 0]),
    Buffer.from('GPS 28.97,118.87'),
  ]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(exif.length + 2);
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, exif, jpeg.subarray(2)]);
}

export type Kept = { width: number; height: number; bytes: number; type: string; text: string; top: number[]; bottom: number[] };

/** Makes the page remember the bytes of pictures that it shows. */
export async function rememberPictures(page: Page): Promise<void> {
  await page.evaluate(() => {
    const shown: Blob[] = ((window as unknown as { shown?: Blob[] }).shown ??= []);
    const make = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (blob: Blob) => (shown.push(blob), make(blob));
  });
}

/** The picture that was shown last: its size, its bytes as text, and a pixel above and one below. */
export async function lastPicture(page: Page): Promise<Kept> {
  return page.evaluate(async () => {
    const blob = (window as unknown as { shown: Blob[] }).shown.at(-1)!;
    const bitmap = await createImageBitmap(blob);
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
    const draw = canvas.getContext('2d')!;
    draw.drawImage(bitmap, 0, 0);
    const pixel = (y: number) => [...draw.getImageData(bitmap.width / 2 - 8, y, 1, 1).data];
    const text = new TextDecoder('latin1').decode(await blob.arrayBuffer());
    return { width: bitmap.width, height: bitmap.height, bytes: blob.size, type: blob.type, text, top: pixel(8), bottom: pixel(bitmap.height - 9) };
  });
}
