// What the server tells the page: one JSON element in the HTML, no global variable.

export interface PageConfig {
  /** Path of the server, with a slash at its end: "/" or "/user/abc/". */
  readonly baseUrl: string;
  readonly kernelId: string;
  /** Where a beacon `kernel=<id>` ends the kernel; null: the kernel's own address is asked to. */
  readonly leaveUrl: string | null;
  /** Where to go when the server says that the kernel belongs to another seat. */
  readonly seatLostUrl: string | null;
}

/** Null as long as the kernel has not been started, or when the page was cut off on its way. */
export function readConfig(): PageConfig | null {
  const text = document.getElementById("kit-config")?.textContent;
  return text ? (JSON.parse(text) as PageConfig) : null;
}

export function kernelUrl(config: PageConfig): string {
  return new URL(`${config.baseUrl}api/kernels/${encodeURIComponent(config.kernelId)}`, location.href).href;
}

/** The token of an address like ?token=…, which is how a first visit to a Binder server signs in. */
export function token(): string | null {
  return new URLSearchParams(location.search).get("token");
}

/**
 * The server's anti-forgery token. Stock Voila never sets the cookie and yet asks for it, so the
 * page sets one itself when there is none: the check is that cookie and header agree, which only
 * this origin can bring about.
 */
export function xsrfToken(config: PageConfig): string {
  const found = /(?:^|;\s*)_xsrf=([^;]*)/.exec(document.cookie)?.[1];
  if (found) return decodeURIComponent(found);
  const fresh = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  document.cookie = `_xsrf=${fresh}; path=${config.baseUrl}; SameSite=Strict`;
  return fresh;
}
