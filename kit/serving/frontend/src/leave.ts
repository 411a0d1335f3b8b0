// Whoever leaves the page ends the kernel: its memory holds the answers.

import { kernelUrl, token, xsrfToken, type PageConfig } from "./config";

/** Tell the server in a way that outlives the page. */
export function endKernel(config: PageConfig): void {
  if (config.leaveUrl) {
    // The kit's server asks where it comes from, not for a token: making one here would leave a cookie behind quick exit.
    navigator.sendBeacon(config.leaveUrl, new URLSearchParams({ kernel: config.kernelId }));
    return;
  }
  const xsrf = xsrfToken(config);
  const key = token();
  const headers: Record<string, string> = { "X-XSRFToken": xsrf };
  if (key) headers["Authorization"] = `token ${key}`;
  void fetch(kernelUrl(config), { method: "DELETE", keepalive: true, headers }).catch(() => undefined);
}
