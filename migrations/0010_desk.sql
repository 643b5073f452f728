-- The newsroom: who works there, how they sign in, what they did; and the mail that the site sends.

CREATE TABLE person (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  name        TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  -- AES-GCM, base64url of nonce and ciphertext.
  email       TEXT NOT NULL CHECK (email <> ''),
  email_hash  TEXT NOT NULL UNIQUE CHECK (email_hash <> ''),
  role        TEXT NOT NULL CHECK (role IN ('author', 'moderator', 'editor', 'admin')),
  created_at  TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??Z'),
  -- Who may no longer sign in.
  disabled_at TEXT CHECK (disabled_at IS NULL OR disabled_at GLOB '????-??-??T??:??:??Z'),
  -- Hours between digests of what waits; 0 for none.
  digest_hours INTEGER NOT NULL DEFAULT 24 CHECK (digest_hours >= 0),
  digest_at   TEXT
);

-- WebAuthn credentials. Keys are public; there is nothing here that could sign in.
CREATE TABLE passkey (
  id         TEXT PRIMARY KEY CHECK (id <> ''),
  person     INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  public_key TEXT NOT NULL CHECK (public_key <> ''),
  counter    INTEGER NOT NULL CHECK (counter >= 0),
  transports TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(transports)),
  name       TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  used_at    TEXT
) WITHOUT ROWID;
CREATE INDEX passkey_of_person ON passkey (person);

-- Challenges that are out; each is good once.
CREATE TABLE challenge (
  challenge  TEXT PRIMARY KEY,
  person     INTEGER REFERENCES person (id) ON DELETE CASCADE,
  expires_at TEXT NOT NULL
) WITHOUT ROWID;

-- Links that let somebody in once. Only their hash is kept.
CREATE TABLE sign_in_link (
  hash       TEXT PRIMARY KEY,
  person     INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX sign_in_link_of_person ON sign_in_link (person);

-- Who is signed in. Only the hash of the cookie is kept.
CREATE TABLE session (
  hash        TEXT PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  person      INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  device      TEXT NOT NULL DEFAULT '',
  created_at  TEXT NOT NULL,
  seen_at     TEXT NOT NULL,
  expires_at  TEXT NOT NULL,
  -- When a passkey was asked for last.
  verified_at TEXT
) WITHOUT ROWID;
CREATE INDEX session_of_person ON session (person);

-- What was done in the newsroom, by whom, to what. `undo` is what takes it back; NULL where nothing does.
CREATE TABLE audit (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  at      TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??Z'),
  person  INTEGER REFERENCES person (id) ON DELETE SET NULL,
  action  TEXT NOT NULL CHECK (action <> ''),
  subject TEXT NOT NULL,
  detail  TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(detail)),
  undo    TEXT CHECK (undo IS NULL OR json_valid(undo)),
  undone  INTEGER REFERENCES audit (id)
);
CREATE INDEX audit_of_subject ON audit (subject, id);
CREATE INDEX audit_at ON audit (at);

-- Mail that is to be sent, written in the transaction of its cause: one mail for one cause.
CREATE TABLE mail (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  cause      TEXT NOT NULL UNIQUE,
  kind       TEXT NOT NULL,
  -- Both encrypted; empty once the mail is sent.
  recipient  TEXT NOT NULL,
  content    TEXT NOT NULL,
  -- 'sending' holds a lease: nobody else sends it. A lease that ran out means that nobody knows whether it was sent.
  status     TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'sending', 'sent', 'dead')),
  attempts   INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  due_at     TEXT NOT NULL,
  leased_until TEXT,
  error      TEXT
);
CREATE INDEX mail_due ON mail (status, due_at);
