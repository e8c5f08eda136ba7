# What zig.cmake would have CMake's own modules override. Node opens a dynamic library of macOS as it does a bundle, which
# zig's linker does not make; for Windows, CMake would have an archiver collect the objects first.
if(NOT CMAKE_SYSTEM_NAME STREQUAL "Linux")
  set(CMAKE_CXX_CREATE_SHARED_MODULE
    "<CMAKE_CXX_COMPILER> -shared <LINK_FLAGS> <LANGUAGE_COMPILE_FLAGS> -o <TARGET> <OBJECTS> <LINK_LIBRARIES>")
  set(CMAKE_CXX_STANDARD_LIBRARIES_INIT "")
endif()
