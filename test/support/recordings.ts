import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Output, WebMOutputFormat } from 'mediabunny'

/** A film of one picture that nobody could watch, but with everything that says what it is. */
export async function makeFilm(width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  const target = new BufferTarget()
  const output = new Output({ format: new WebMOutputFormat(), target })
  const track = new EncodedVideoPacketSource('vp8')
  output.addVideoTrack(track)
  await output.start()
  const packet = new EncodedPacket(new Uint8Array(500), 'key', 0, 1)
  await track.add(packet, { decoderConfig: { codec: 'vp8', codedWidth: width, codedHeight: height } })
  await output.finalize()
  return new Uint8Array(target.buffer ?? new ArrayBuffer())
}

/** Silence: frames of MPEG-1 layer 3 with 128 kbit/s, each 417 bytes long. */
export const SOUND = new Uint8Array(
  Buffer.concat(
    Array.from({ length: 20 }, () =>
      Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x00]), Buffer.alloc(413)]),
    ),
  ),
)

export const CAPTIONS = 'WEBVTT\n\n00:00.000 --> 00:01.000\nGuten Tag.\n'
