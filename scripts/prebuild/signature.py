"""Code signatures of Mach-O files. Formats: Apple's cs_blobs.h in the sources of its kernel."""

import hashlib
import struct

SUPER_BLOB, CODE_DIRECTORY, CODE_DIRECTORY_SLOT = 0xFADE0CC0, 0xFADE0C02, 0
AD_HOC, SHA256 = 0x2, 2


def signature(binary, path):
    """'valid', 'none', or what is wrong. Valid: ad hoc, and every page of the file hashes to what was signed."""
    if not binary.has_code_signature:
        return "none"
    data = bytes(binary.code_signature.content)
    magic, _, count = struct.unpack_from(">III", data)
    if magic != SUPER_BLOB:
        return "not a signature"
    slots = dict(struct.unpack_from(">II", data, 12 + 8 * index) for index in range(count))
    if CODE_DIRECTORY_SLOT not in slots:
        return "without a code directory"
    directory = data[slots[CODE_DIRECTORY_SLOT] :]
    fields = struct.unpack_from(">9I4B", directory)
    magic, _, _, flags, hashes, _, _, pages, limit, hash_size, hash_type, _, page_bits = fields
    if magic != CODE_DIRECTORY or hash_type != SHA256 or not flags & AD_HOC:
        return "of another kind than ad hoc with SHA-256"
    with open(path, "rb") as file:
        code = file.read(limit)
    size = 1 << page_bits
    for page in range(pages):
        signed = directory[hashes + page * hash_size :][:hash_size]
        if hashlib.sha256(code[page * size : (page + 1) * size]).digest() != signed:
            return f"stale: page {page} has changed since"
    return "valid" if limit == binary.code_signature.data_offset else "of a part of the file only"
