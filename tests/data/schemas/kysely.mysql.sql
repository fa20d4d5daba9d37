CREATE TABLE `User` (
    `id` VARCHAR(36) NOT NULL PRIMARY KEY DEFAULT (UUID()), `name` VARCHAR(255),
    `email` VARCHAR(255) UNIQUE, `emailVerified` DATETIME(3), `image` VARCHAR(255)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE `Account` (
    `id` VARCHAR(36) NOT NULL PRIMARY KEY DEFAULT (UUID()), `userId` VARCHAR(36) NOT NULL,
    `type` VARCHAR(255) NOT NULL, `provider` VARCHAR(255) NOT NULL,
    `providerAccountId` VARCHAR(255) NOT NULL, `refresh_token` VARCHAR(255),
    `access_token` VARCHAR(255), `expires_at` BIGINT, `token_type` VARCHAR(255),
    `scope` VARCHAR(255), `id_token` TEXT, `session_state` VARCHAR(255),
    FOREIGN KEY (`userId`) REFERENCES `User` (`id`) ON DELETE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE `Session` (
    `id` VARCHAR(36) NOT NULL PRIMARY KEY DEFAULT (UUID()), `userId` VARCHAR(36) NOT NULL,
    `sessionToken` VARCHAR(255) NOT NULL UNIQUE, `expires` DATETIME(3) NOT NULL,
    FOREIGN KEY (`userId`) REFERENCES `User` (`id`) ON DELETE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE `VerificationToken` (
    `identifier` VARCHAR(255) NOT NULL, `token` VARCHAR(255) NOT NULL UNIQUE,
    `expires` DATETIME(3) NOT NULL
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
