import type { Locator, Page } from '@playwright/test';

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

/** The picture that was shown last: its size, its bytes as text, and a pixel above and one below, over the words that a photo bears. */
export async function lastPicture(page: Page): Promise<Kept> {
  return page.evaluate(async () => {
    const blob = (window as unknown as { shown: Blob[] }).shown.at(-1)!;
    const bitmap = await createImageBitmap(blob);
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
    const draw = canvas.getContext('2d')!;
    draw.drawImage(bitmap, 0, 0);
    const pixel = (y: number) => [...draw.getImageData(8, y, 1, 1).data];
    // A TextDecoder takes latin1 for windows-1252, and 27 bytes for other letters.
    let text = '';
    for (const byte of new Uint8Array(await blob.arrayBuffer())) text += String.fromCharCode(byte);
    return { width: bitmap.width, height: bitmap.height, bytes: blob.size, type: blob.type, text, top: pixel(8), bottom: pixel(bitmap.height - 80) };
  });
}

/** Chooses a JPEG of 4000x3000 and so many bytes, made in the page: so large a file takes the test's own line too long. */
export async function chooseHeavy(input: Locator, bytes: number): Promise<void> {
  await input.evaluate(async (input: HTMLInputElement, bytes) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [4000, 3000];
    const draw = canvas.getContext('2d')!;
    const noise = draw.createImageData(4000, 3000);
    let seed = 1;
    for (let i = 0; i < noise.data.length; i += 1) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      noise.data[i] = i % 4 === 3 ? 255 : seed >> 16;
    }
    draw.putImageData(noise, 0, 0);
    const jpeg = await new Promise<Blob>((resolve) => { canvas.toBlob((blob) => resolve(blob!), 'image/jpeg', 0.95); });
    const rest = new Uint8Array(Math.max(0, bytes - jpeg.size));
    const files = new DataTransfer();
    files.items.add(new File([jpeg, rest], 'heavy.jpg', { type: 'image/jpeg' }));
    input.files = files.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, bytes);
}
