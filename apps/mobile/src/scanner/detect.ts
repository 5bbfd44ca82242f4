import { BarcodeDetector, prepareZXingModule } from 'barcode-detector/ponyfill';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';

// The reader's default is a CDN; the page talks to its own server alone.
prepareZXingModule({ overrides: { locateFile: () => wasmUrl } });

const detector = new BarcodeDetector({ formats: ['qr_code'] });

/** Reads a QR code in a photo or in a frame of the camera; undefined when there is none. */
export const readCode = async (image: Blob | HTMLVideoElement): Promise<string | undefined> => {
  const [code] = await detector.detect(image);
  return code?.rawValue;
};
