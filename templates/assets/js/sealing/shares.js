// Shamir's sharing over GF(2^8) with x^8+x^4+x^3+x+1, byte by byte: any quorum of shares gives the secret, fewer give nothing.

/** @param {number} a @param {number} b @returns {number} the product in the field; its time depends on neither */
function times(a, b) {
  let product = 0;
  for (let bit = 0; bit < 8; bit += 1) {
    product ^= -((b >> bit) & 1) & a;
    a = ((a << 1) ^ (-(a >> 7) & 0x11b)) & 0xff;
  }
  return product;
}

/** @param {number} a not 0 @returns {number} what `a` has to be multiplied with for 1: a^254 */
function inverse(a) {
  let power = a, found = 1;
  for (let bit = 1; bit < 8; bit += 1) { power = times(power, power); found = times(found, power); }
  return found;
}

/** The shares at x = 1 to `count`. @param {Uint8Array} secret @param {Uint8Array[]} coefficients one fewer than the quorum @param {number} count @returns {Uint8Array[]} */
export function splitSecret(secret, coefficients, count) {
  const terms = [secret, ...coefficients].reverse();
  return Array.from({ length: count }, (_, i) => secret.map((_, at) => terms.reduce((sum, term) => times(sum, i + 1) ^ term[at], 0)));
}

/** The value at `at` (0 is the secret) of the polynomial through the shares. @param {Map<number, Uint8Array>} shares by x @param {number} [at] @returns {Uint8Array} */
export function combineShares(shares, at = 0) {
  const points = [...shares];
  const found = new Uint8Array(points[0][1].length);
  for (const [x, y] of points) {
    const weight = points.reduce((all, [other]) => (other === x ? all : times(all, times(other ^ at, inverse(other ^ x)))), 1);
    for (let i = 0; i < found.length; i += 1) found[i] ^= times(weight, y[i]);
  }
  return found;
}
