"""Tells what compiled addons are made of: prints a list of JSON objects, one for each file that is named."""

import json
import sys

import lief

from signature import signature

lief.logging.disable()


def versioned(symbol):
    """Whether a library is named for it: with glibc all have one, with musl none."""
    return symbol.symbol_version is not None and symbol.symbol_version.has_auxiliary_version


def elf(binary, _path):
    undefined = [symbol for symbol in binary.dynamic_symbols if symbol.name and symbol.shndx == 0]
    return {
        "format": f"ELF {binary.header.machine_type.name}",
        "exports": sorted({symbol.name for symbol in binary.exported_symbols}),
        "libraries": list(binary.libraries),
        "imports": sorted(
            symbol.name
            for symbol in undefined
            if symbol.binding.name == "GLOBAL" and not versioned(symbol)
        ),
        "versions": sorted(
            {
                auxiliary.name
                for library in binary.symbols_version_requirement
                for auxiliary in library.get_auxiliary_symbols()
            }
        ),
        "stripped": not any(section.name == ".symtab" or "debug" in section.name for section in binary.sections),
    }


def mach_o(binary, path):
    return {
        "format": f"Mach-O {binary.header.cpu_type.name}",
        # In C, names begin with an underscore there.
        "exports": sorted(symbol.name[1:] for symbol in binary.exported_symbols),
        "libraries": [library.name for library in binary.libraries if library.command.name != "ID_DYLIB"],
        "imports": sorted(symbol.name[1:] for symbol in binary.imported_symbols),
        "versions": ["macOS " + ".".join(map(str, binary.build_version.minos[:2]))],
        "stripped": not any(symbol.raw_type & 0xE0 for symbol in binary.symbols),  # N_STAB
        "signature": signature(binary, path),
    }


def pe(binary, _path):
    return {
        "format": f"PE {binary.header.machine.name}",
        "exports": sorted(entry.name for entry in binary.exported_functions),
        "libraries": [library.name for library in binary.imports],
        "imports": sorted(
            entry.name for library in binary.imports if library.name == "node.exe" for entry in library.entries
        ),
        "versions": [f"Windows {binary.optional_header.major_subsystem_version}"],
        "stripped": binary.header.numberof_symbols == 0 and binary.codeview_pdb is None,
    }


def inspect(path):
    binary = lief.parse(path)
    if binary is None:
        raise SystemExit(f"{path} is neither ELF nor Mach-O nor PE.")
    return {lief.ELF.Binary: elf, lief.MachO.Binary: mach_o, lief.PE.Binary: pe}[type(binary)](binary, path)


print(json.dumps([inspect(path) for path in sys.argv[1:]]))
