/** Whether a request comes from a browser in which somebody is, or was, signed in at the desk. Proves nothing. */
export const hasDeskCookie = (headers: Headers): boolean =>
  headers.get('cookie')?.includes('__Host-desk=') === true
