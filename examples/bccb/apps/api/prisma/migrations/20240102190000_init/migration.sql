-- The table of micro-credentials, and an index for the column that lists are filtered by.
CREATE TYPE "CredentialStatus" AS ENUM ('DRAFT', 'PUBLISHED', 'ARCHIVED');

CREATE TABLE "micro_credentials" (
    "id" UUID NOT NULL,
    "title" VARCHAR(200) NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "status" "CredentialStatus" NOT NULL DEFAULT 'DRAFT',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "micro_credentials_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "idx_credentials_status" ON "micro_credentials" ("status");
