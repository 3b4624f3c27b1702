// Runtime: where a client's WebSocket messages end in what a connection reads (RFC 6455, 5.2): headers are read, payloads
// are passed over. So messages are counted whatever library the server has.

/** Of a header's second byte. */
const MASKED = 0x80;
const LENGTH = 0x7f;
const MASK_BYTES = 4;
/** Of its first: bits that no extension in use sets; compression sets the one above. */
const RESERVED = 0x30;
const FINAL = 0x80;
const OPCODE = 0x0f;

export class WebSocketFrames {
  /** What came was no WebSocket's, or not from its start. */
  broken = false;
  /** Bytes of the open header so far, and of its length that are still to come. */
  private at = 0;
  private lengthBytes = 0;
  private length = 0;
  /** The open frame is the last of a message. */
  private ends = false;
  /** Bytes of the open frame's mask and payload that are still to come. */
  private left = 0;

  /** @returns how many messages end in these bytes, which follow those of the last call; 0 once it is broken */
  take(bytes: Uint8Array): number {
    let messages = 0;
    for (let i = 0; i < bytes.length && !this.broken; ) {
      if (this.left > 0) {
        const passed = Math.min(this.left, bytes.length - i);
        i += passed;
        this.left -= passed;
        if (this.left === 0 && this.ends) messages++;
      } else this.header(bytes[i++] as number);
    }
    return messages;
  }

  private header(byte: number): void {
    if (this.at === 0) {
      const opcode = byte & OPCODE;
      const isData = opcode <= 2;
      this.broken = (byte & RESERVED) !== 0 || (!isData && (opcode < 8 || opcode > 10));
      this.ends = isData && (byte & FINAL) !== 0;
      this.at = 1;
      return;
    }
    if (this.at === 1) {
      const length = byte & LENGTH;
      // Clients mask all that they send.
      if ((byte & MASKED) === 0) this.broken = true;
      this.lengthBytes = length === 126 ? 2 : length === 127 ? 8 : 0;
      this.length = this.lengthBytes === 0 ? length : 0;
    } else {
      this.length = this.length * 256 + byte;
      this.lengthBytes--;
    }
    this.at++;
    if (this.lengthBytes > 0) return;
    this.left = MASK_BYTES + this.length;
    this.at = 0;
  }
}
