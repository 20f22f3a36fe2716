// What OpenSSL derives from passwords; Pyodide has no OpenSSL.
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { pbkdf2 } from "@noble/hashes/pbkdf2.js";
import { scrypt } from "@noble/hashes/scrypt.js";
import { sha224, sha256, sha384, sha512 } from "@noble/hashes/sha2.js";

const hashes = { md5, sha1, sha224, sha256, sha384, sha512 };

export const kdf = {
  pbkdf2: (hash, password, salt, c, dkLen) => pbkdf2(hashes[hash], password, salt, { c, dkLen }),
  scrypt: (password, salt, N, r, p, dkLen) => scrypt(password, salt, { N, r, p, dkLen, maxmem: 2 ** 31 }),
};
